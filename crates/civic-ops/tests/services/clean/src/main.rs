fn apply(application_id: u64) {
    tracing::info!(application_id, "applied");
}
