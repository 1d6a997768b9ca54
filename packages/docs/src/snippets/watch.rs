let logging = LoggingExtension::with_config(
    LoggingConfig::new()
        .with_level(LogLevel::Debug)
        .with_messages()
        .with_prefix("feed"),
);
client.register_extension(logging).await?;

let status = AdvancedStatusViewer::new();
let uptime = status.get_uptime().await;
let connections = status.get_connection_count().await;
