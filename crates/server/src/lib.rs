pub mod db;
pub mod project;
pub mod time;
