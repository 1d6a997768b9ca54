let mut events = client.subscribe_events();
while let Ok(event) = events.recv().await {
    match event {
        ConnectionEvent::Connected { id } => println!("connected: {id}"),
        ConnectionEvent::Disconnected { reason } => println!("disconnected: {reason:?}"),
        ConnectionEvent::ReconnectScheduled { delay, attempt } => {
            println!("attempt {attempt} in {delay:?}")
        }
        _ => {}
    }
}
