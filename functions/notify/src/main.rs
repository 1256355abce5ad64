//! The Lambda function `notify`.

fn main() {}
