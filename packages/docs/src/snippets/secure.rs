// The builder of 0.6 has no method that takes these.
let connector = DefaultConnector::new()
    .with_custom_ca_cert(Certificate::from_pem(&fs::read("ca.pem")?)?)?;
let connector = DefaultConnector::new()
    .with_client_identity(Identity::from_pkcs12(&fs::read("client.p12")?, "password")?)?;
let connector = DefaultConnector::new().danger_accept_invalid_certs()?;
