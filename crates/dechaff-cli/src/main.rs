//! The command-line tool over the `dechaff` library: HTML in, the same HTML without its chaff out.
//!
//! - [`cli`] is what can be typed, [`plan`] what that means, [`run`] does it.
//! - [`input`], [`output`] and [`report`] are the three places where bytes come from or go to.
//! - [`failure`] and [`exit`] say how it went.

#![forbid(unsafe_code)]

mod cli;
mod exit;
mod failure;
mod input;
mod output;
mod plan;
mod report;
mod run;

use clap::Parser;

fn main() -> std::process::ExitCode {
    run::run(&cli::Cli::parse()).into()
}
