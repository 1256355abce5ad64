//! Customers: whom Stripe knows a payer as.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::form::Form;
use crate::{IdempotencyKey, Stripe, StripeError};

/// A customer to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCustomer {
    /// Where Stripe writes to.
    pub email: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// What we keep with it.
    pub metadata: BTreeMap<String, String>,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Customer {
    /// The id, `cus_…`.
    pub id: String,
}

impl Stripe {
    /// Makes a customer.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn create_customer(
        &self,
        customer: &NewCustomer,
        key: &IdempotencyKey,
    ) -> Result<Customer, StripeError> {
        let form = Form::new()
            .with_some("email", customer.email.as_deref())
            .with_some("name", customer.name.as_deref())
            .with_metadata(&customer.metadata);
        self.post("/v1/customers", form, key).await
    }
}
