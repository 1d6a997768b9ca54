let state = client.state().await;
println!("{} {:?}", state.id, state.status);
println!("{} {}", state.reconnect_count, state.error_count);
if client.is_connected() {
    println!("connected for {:?}", state.connection_duration);
}
