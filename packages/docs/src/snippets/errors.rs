match client.run().await {
    Ok(()) => println!("shut down"),
    Err(ClientError::AlreadyRunning) => println!("it runs already"),
    Err(ClientError::Connect(error)) => println!("{error}, retry: {}", error.is_retryable()),
    Err(error) => println!("{error}"),
}
