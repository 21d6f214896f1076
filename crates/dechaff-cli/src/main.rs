//! The command-line tool over the `dechaff` library: HTML in, the same HTML without its chaff out.
//!
//! - [`cli`] is what can be typed, [`plan`] what that means, with [`listing`] for folders and lists and [`place`] for where
//!   outputs go; [`run`] does it.
//! - [`input`], [`output`] and [`report`] are the three places where bytes come from or go to; [`interrupt`] knows what to
//!   remove on Ctrl-C.
//! - [`page`], [`lines`] and [`warc`] clean an input of their kind, with what [`setup`] holds for all of its pages.
//! - [`lane`] keeps what inputs say in their order, [`ordered`] what becomes of records and lines.
//! - [`seeing`] shows what went and why, in the [`color`]s that are asked for.
//! - [`failure`], [`complaints`] and [`exit`] say how it went.

#![forbid(unsafe_code)]

mod cli;
mod color;
mod complaints;
mod exit;
mod failure;
mod input;
mod interrupt;
mod lane;
mod lines;
mod listing;
mod ordered;
mod output;
mod page;
mod place;
mod plan;
mod report;
mod run;
mod seeing;
mod setup;
mod warc;

use clap::Parser;

fn main() -> std::process::ExitCode {
    run::run(&cli::Cli::parse()).into()
}
