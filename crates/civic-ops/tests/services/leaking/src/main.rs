fn apply(email: &str) {
    tracing::info!(email, "applied");
}

fn withdraw(nino: &str) {
    tracing::info!(nino, "withdrawn");
}
