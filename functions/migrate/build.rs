//! The migrations are part of the binary: a changed one must be compiled in.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
