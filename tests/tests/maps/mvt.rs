//! Reads a Mapbox Vector Tile (specification 2.1) of points, strictly: what is not as the specification has it fails the test.

use std::collections::BTreeMap;

/// A point of a tile with its attributes as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Feature {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) attributes: BTreeMap<String, String>,
}

/// The features of a tile's one layer, which must have this name; none of a tile without bytes.
pub(crate) fn decode(tile: &[u8], layer: &str) -> Vec<Feature> {
    let mut fields = Message(tile).fields();
    assert!(fields.len() <= 1, "a tile has one layer");
    match fields.pop() {
        None => Vec::new(),
        Some((3, Field::Bytes(bytes))) => decode_layer(bytes, layer),
        Some((number, _)) => panic!("field {number} in a tile"),
    }
}

fn decode_layer(bytes: &[u8], name: &str) -> Vec<Feature> {
    let (mut features, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for (number, field) in Message(bytes).fields() {
        match (number, field) {
            (1, Field::Bytes(text)) => assert_eq!(text, name.as_bytes()),
            (2, Field::Bytes(feature)) => features.push(feature),
            (3, Field::Bytes(text)) => keys.push(String::from_utf8(text.to_vec()).unwrap()),
            (4, Field::Bytes(value)) => values.push(decode_value(value)),
            (5, Field::Number(extent)) => assert_eq!(extent, 4096),
            (15, Field::Number(version)) => assert_eq!(version, 2),
            (number, _) => panic!("field {number} in a layer"),
        }
    }
    features
        .into_iter()
        .map(|feature| decode_feature(feature, &keys, &values))
        .collect()
}

fn decode_feature(bytes: &[u8], keys: &[String], values: &[String]) -> Feature {
    let mut feature = Feature {
        x: 0,
        y: 0,
        attributes: BTreeMap::new(),
    };
    for (number, field) in Message(bytes).fields() {
        match (number, field) {
            (2, Field::Bytes(tags)) => {
                for pair in numbers(tags).chunks(2) {
                    let (key, value) = (&keys[index(pair[0])], &values[index(pair[1])]);
                    assert!(feature.attributes.insert(key.clone(), value.clone()).is_none());
                }
            }
            (3, Field::Number(kind)) => assert_eq!(kind, 1, "a point"),
            (4, Field::Bytes(geometry)) => {
                let numbers = numbers(geometry);
                assert_eq!((numbers.len(), numbers[0]), (3, 9), "one MoveTo");
                (feature.x, feature.y) = (signed(numbers[1]), signed(numbers[2]));
            }
            (number, _) => panic!("field {number} in a feature"),
        }
    }
    feature
}

fn decode_value(bytes: &[u8]) -> String {
    match Message(bytes).fields().as_slice() {
        [(1, Field::Bytes(text))] => String::from_utf8(text.to_vec()).unwrap(),
        [(4 | 5, Field::Number(number))] => number.to_string(),
        [(6, Field::Number(number))] => signed(*number).to_string(),
        other => panic!("a value of {} fields", other.len()),
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

/// Undoes protobuf's zigzag.
fn signed(number: u64) -> i64 {
    let half = i64::try_from(number >> 1).unwrap();
    if number & 1 == 1 { -half - 1 } else { half }
}

fn numbers(mut bytes: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(take_number(&mut bytes));
    }
    numbers
}

fn take_number(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first().expect("a number is cut short");
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return number;
        }
    }
    panic!("a number of more than 64 bits")
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

struct Message<'a>(&'a [u8]);

impl<'a> Message<'a> {
    fn fields(self) -> Vec<(u64, Field<'a>)> {
        let mut bytes = self.0;
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let head = take_number(&mut bytes);
            let field = match head & 7 {
                0 => Field::Number(take_number(&mut bytes)),
                2 => {
                    let length = index(take_number(&mut bytes));
                    let (field, rest) = bytes.split_at(length);
                    bytes = rest;
                    Field::Bytes(field)
                }
                kind => panic!("wire type {kind}"),
            };
            fields.push((head >> 3, field));
        }
        fields
    }
}
