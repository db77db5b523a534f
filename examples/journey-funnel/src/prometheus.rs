//! A real Prometheus, which scrapes the replicas every second.

use std::error::Error;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::replica::Replica;
use crate::wire;

/// Values of a query by the value of one label.
pub type Values = Vec<(String, f64)>;

/// A running server with its data in a folder of its own; both go when it is dropped.
pub struct Prometheus {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
}

impl Prometheus {
    pub fn is_here() -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join("prometheus").is_file())
    }

    pub fn start(replicas: &[Replica]) -> Result<Self, Box<dyn Error>> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let name = format!("journey-funnel-{}-{}", std::process::id(), address.port());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        let targets: Vec<String> = replicas
            .iter()
            .map(|replica| format!("'{}'", replica.address()))
            .collect();
        let config = folder.join("prometheus.yml");
        let text = format!(
            "global: {{scrape_interval: 1s}}\nscrape_configs:\n- job_name: funnel\n  static_configs:\n  - targets: [{}]\n",
            targets.join(", ")
        );
        fs::write(&config, text)?;
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.join("data").display()
            ))
            .arg(format!("--web.listen-address={address}"))
            .arg("--log.level=error")
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Self {
            child,
            folder,
            address,
        })
    }

    /// The answer to a query, by one label; asks again until it is as `until` wants it.
    pub fn query(
        &self,
        query: &str,
        label: &str,
        until: &dyn Fn(&Values) -> bool,
    ) -> Result<Values, Box<dyn Error>> {
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            if let Ok(values) = self.ask(query, label)
                && until(&values)
            {
                return Ok(values);
            }
            if Instant::now() > patience {
                return Err(format!("Prometheus has no answer to `{query}` after a minute").into());
            }
            thread::sleep(Duration::from_millis(300));
        }
    }

    fn ask(&self, query: &str, label: &str) -> Result<Values, Box<dyn Error>> {
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let answer = wire::get(self.address, &format!("/api/v1/query?query={encoded}"), &[])?;
        // The answer may come in chunks, whose lengths stand on lines of their own.
        let json: String = answer
            .body
            .lines()
            .filter(|line| line.starts_with('{'))
            .collect();
        let json: Value = serde_json::from_str(&json)?;
        let rows = json["data"]["result"].as_array().ok_or("no result")?;
        Ok(rows
            .iter()
            .filter_map(|row| {
                let name = row["metric"][label].as_str().unwrap_or_default();
                let value = row["value"][1].as_str()?.parse().ok()?;
                Some((name.to_owned(), value))
            })
            .collect())
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
