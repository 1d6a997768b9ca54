struct Upper;

#[async_trait]
impl Extension for Upper {
    fn name(&self) -> &'static str { "upper" }
    fn handles_lifecycle(&self) -> bool { true }
    fn handles_messages(&self) -> bool { true }

    async fn on_disconnect(&self, _: &ConnectionContext) -> Result<(), ExtensionError> {
        println!("disconnected");
        Ok(())
    }

    async fn on_message(&self, message: &Message, _: &ConnectionContext)
        -> Result<Option<Message>, ExtensionError> {
        Ok(match message {
            Message::Text(text) => Some(Message::Text(text.to_uppercase().into())),
            _ => None,
        })
    }
}

client.register_extension(Upper).await?;
