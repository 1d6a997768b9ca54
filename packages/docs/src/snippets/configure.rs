let config = ClientConfig::fast_reconnect()
    .with_connect_timeout(Duration::from_secs(15))
    .with_send_queue_capacity(512)
    .with_handshake_retry_delay(Duration::from_millis(500));

let client = WebSocketClient::builder("wss://feed.example.com")
    .config(config)
    .receive_timeout(Duration::from_secs(30))
    .build();
