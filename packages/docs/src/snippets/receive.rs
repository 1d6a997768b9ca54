let client = Arc::new(WebSocketClient::new("wss://feed.example.com"));
let mut messages = client.subscribe();
tokio::spawn({
    let client = client.clone();
    async move { client.run().await }
});
while let Ok(message) = messages.recv().await {
    println!("{message:?}");
}
