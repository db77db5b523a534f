//! The fake payment provider by itself. The service starts one of its own unless `PAYMENTS` names one.

#[path = "../payments/wire.rs"]
mod wire;

#[path = "../payments/fake.rs"]
mod fake;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    fake::run().await
}
