pub mod db;
pub mod time;
