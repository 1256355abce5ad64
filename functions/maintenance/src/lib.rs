//! The upkeep that EventBridge starts: each step is a module.
