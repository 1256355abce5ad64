//! The Lambda function `maintenance`.

fn main() {}
