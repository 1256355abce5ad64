//! Who you are: accounts, sign-ins, second factors and the tokens that the other functions trust.

/// The function's name.
pub const FUNCTION: &str = "auth";
