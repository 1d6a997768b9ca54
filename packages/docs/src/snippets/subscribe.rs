let handshaker = ChainedHandshaker::new()
    .then(AuthHandshaker::new("my-api-key").json())
    .then(SubscribeHandshaker::new(vec!["trades", "orderbook"]).wait_confirmation());

let client = WebSocketClient::builder("wss://feed.example.com")
    .handshaker(handshaker)
    .build();
