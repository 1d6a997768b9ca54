let plain = AuthHandshaker::new("my-api-key");
let json = AuthHandshaker::new("my-api-key").json();
let custom = AuthHandshaker::new("my-api-key").custom_format("AUTH {}");

let client = WebSocketClient::builder("wss://feed.example.com")
    .handshaker(json)
    .build();
