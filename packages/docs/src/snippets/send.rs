client.send(Message::Text("now".into())).await?;
client.send_async(Message::Text("when there is room".into())).await?;
client.send_timeout(message, Duration::from_secs(1)).await?;

if let Some(sender) = client.sender().await {
    sender.send_text("hello")?;
    sender.send_binary(vec![1, 2, 3])?;
    sender.ping(vec![])?;
}
