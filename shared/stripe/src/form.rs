//! Parameters as Stripe takes them: form-encoded, with brackets for what is inside something else.

use std::collections::BTreeMap;
use std::fmt::Display;

/// Parameters of a request.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// A parameter.
    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// A parameter that may be left out.
    pub(crate) fn with_some<T: Display>(self, name: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// What is to be told in full rather than by its id.
    pub(crate) fn expanding(self, path: &str) -> Self {
        self.with("expand[]", path)
    }

    /// What we keep with a thing at Stripe.
    pub(crate) fn with_metadata(mut self, metadata: &BTreeMap<String, String>) -> Self {
        for (name, value) in metadata {
            self = self.with(&format!("metadata[{name}]"), value);
        }
        self
    }

    pub(crate) fn encoded(self) -> String {
        // The serializer is not to be shared between threads, as requests that wait for their answers are.
        let mut serializer = form_urlencoded::Serializer::new(String::new());
        serializer.extend_pairs(self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_escaped() {
        let metadata = BTreeMap::from([("payment".to_owned(), "a&b=c d".to_owned())]);
        let form = Form::new()
            .with("amount", 500)
            .with_some("customer", None::<String>)
            .with_metadata(&metadata)
            .expanding("latest_charge.balance_transaction");
        assert_eq!(
            form.encoded(),
            "amount=500&metadata%5Bpayment%5D=a%26b%3Dc+d&expand%5B%5D=latest_charge.balance_transaction"
        );
    }
}
