//! Serves the estate until interrupted, so that other programs can be pointed at it.
//!
//! `cargo run -p carveout-simcloud --example serve -- [truth.json] [scale]` writes the answer key to a file and prints the
//! endpoints.

#![allow(clippy::print_stdout, reason = "printing the endpoints is what the example is for")]

use carveout_simcloud::{Estate, EstateOptions, Faults, SimCloud};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let truth_file = arguments.next();
    let scale = arguments.next().map(|text| text.parse()).transpose()?.unwrap_or(1);
    let estate = Estate::generate(&EstateOptions { scale, ..EstateOptions::default() });
    if let Some(file) = truth_file {
        std::fs::write(file, serde_json::to_vec_pretty(estate.truth())?)?;
    }
    let cloud = SimCloud::start(estate, Faults::default()).await?;
    println!("AWS_ENDPOINT_URL={}", cloud.aws_endpoint());
    println!("AWS_ACCESS_KEY_ID={}", cloud.estate().aws_access_key_id());
    println!("AZURE_RESOURCE_MANAGER={}", cloud.azure_resource_manager());
    println!("AZURE_GRAPH={}", cloud.azure_graph());
    println!("GCP_ASSET={}", cloud.gcp_asset());
    println!("GCP_STORAGE={}", cloud.gcp_storage());
    tokio::signal::ctrl_c().await?;
    cloud.stop().await;
    Ok(())
}
