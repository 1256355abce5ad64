//! A private certificate authority and one server certificate for the database servers of this stack.

use super::account::Account;
use super::layout::Layout;
use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::fs::Permissions;
use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use time::{Duration, OffsetDateTime};

/// Where the certificates are.
#[derive(Clone, Debug)]
pub(crate) struct Certificates {
    /// For clients: the authority to trust.
    pub(crate) authority: PathBuf,
    /// The same for the servers' account, which may not reach the state folder.
    pub(crate) servers_authority: PathBuf,
    /// For servers: their certificate.
    pub(crate) certificate: PathBuf,
    /// For servers: their key, readable by their account only.
    pub(crate) key: PathBuf,
}

/// The stack's certificates, made on first use. The authority's key is forgotten at once: nothing else can be signed by it.
pub(crate) fn ensure(layout: &Layout) -> Result<Certificates> {
    let certificates = Certificates {
        authority: layout.state.join("ca.pem"),
        servers_authority: layout.databases.join("ca.pem"),
        certificate: layout.databases.join("server.pem"),
        key: layout.databases.join("server.key"),
    };
    let files = [
        &certificates.authority,
        &certificates.servers_authority,
        &certificates.certificate,
        &certificates.key,
    ];
    if !files.iter().all(|file| file.exists()) {
        make(&certificates).context("cannot make the stack's certificates")?;
    }
    Ok(certificates)
}

fn make(certificates: &Certificates) -> Result<()> {
    let authority_key = KeyPair::generate()?;
    let mut authority = parameters(Vec::new(), "NAMC portal local authority")?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_pem = authority.self_signed(&authority_key)?.pem();
    let issuer = Issuer::new(authority, authority_key);

    let server_key = KeyPair::generate()?;
    let mut server = parameters(vec!["localhost".to_owned()], "NAMC portal local databases")?;
    server
        .subject_alt_names
        .push(rcgen::SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let server_pem = server.signed_by(&server_key, &issuer)?.pem();

    write(&certificates.key, &server_key.serialize_pem(), 0o600)?;
    write(&certificates.certificate, &server_pem, 0o644)?;
    let account = Account::detect();
    account.own(&certificates.key)?;
    account.own(&certificates.certificate)?;
    write(&certificates.servers_authority, &authority_pem, 0o644)?;
    write(&certificates.authority, &authority_pem, 0o644)
}

fn parameters(names: Vec<String>, common_name: &str) -> Result<CertificateParams> {
    let mut parameters = CertificateParams::new(names)?;
    parameters
        .distinguished_name
        .push(DnType::CommonName, common_name);
    let now = OffsetDateTime::now_utc();
    parameters.not_before = now - Duration::days(1);
    parameters.not_after = now + Duration::days(3650);
    Ok(parameters)
}

fn write(path: &Path, text: &str, mode: u32) -> Result<()> {
    // The key must never be readable by others, not even for the moment before its mode is set.
    std::fs::remove_file(path).ok();
    std::fs::write(path, "")?;
    std::fs::set_permissions(path, Permissions::from_mode(mode))?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
