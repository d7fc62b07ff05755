//! A connector's section of a recipe, passed on as it is: only the connector itself knows what it means.

use std::path::PathBuf;
use std::sync::Arc;

/// What a recipe says about its source or target.
#[derive(Debug, Clone)]
pub struct ConnectorSettings {
    /// The connector's name in recipes (`file`, `directory`).
    pub name: Arc<str>,
    /// What stands under that name; well formed by the recipe's schema.
    pub settings: serde_json::Value,
    /// The folder that relative paths start from: the recipe's own.
    pub base: PathBuf,
}
