//! The Lambda function `auth`.

fn main() {}
