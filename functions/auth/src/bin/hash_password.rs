//! Hashes the password on standard input as the function does, and prints the hash: for accounts that are made beside the API,
//! such as the first administrator's and those of the demo set.

use std::io::Read as _;

use portal_domain::password::NewPassword;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let password = NewPassword::try_from(text.trim_end_matches('\n').to_owned())?;
    println!("{}", auth::hash_password(&password).await?);
    Ok(())
}
