let client = WebSocketClient::builder("wss://feed.example.com")
    .exponential_backoff(Duration::from_millis(100), Duration::from_secs(30), 2.0)
    .build();

let preset = ExponentialBackoff::fast();
let fixed = FixedDelay::new(Duration::from_secs(5)).with_max_attempts(10);
let client = WebSocketClient::builder("wss://feed.example.com").no_retry().build();
