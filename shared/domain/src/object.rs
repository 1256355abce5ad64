//! JSON objects, told apart from JSON arrays.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// A value that is read from an object and from nothing else. What is derived for a struct alone would take an array of its
/// fields' values, too, which no document speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Pair {
        left: u8,
        right: u8,
    }

    fn read(value: Value) -> Result<Pair, String> {
        serde_json::from_value::<Object<Pair>>(value)
            .map(|object| object.0)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_array_of_the_values_is_no_object() {
        assert_eq!(
            read(json!({"left": 1, "right": 2})),
            Ok(Pair { left: 1, right: 2 })
        );
        assert_eq!(
            read(json!([1, 2])).unwrap_err(),
            "invalid type: sequence, expected an object"
        );
    }
}
