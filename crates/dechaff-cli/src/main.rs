//! The command-line tool over the `dechaff` library: HTML in, the same HTML without its chaff out.
//!
//! - [`cli`] is what can be typed, [`config`] adds what a file has, [`plan`] is what that means, with [`listing`] for folders
//!   and lists, [`place`] for where outputs go and [`changing`] for the user's own rules; [`run`] does it.
//! - [`command`] is for all that is no cleaning: [`rules`], [`bench`], and what [`manual`] makes of the arguments.
//! - [`input`], [`output`] and [`report`] are the three places where bytes come from or go to; [`interrupt`] knows what to
//!   remove on Ctrl-C.
//! - [`page`], [`lines`] and [`warc`] clean an input of their kind, with what [`setup`] holds for all of its pages;
//!   [`converting`] makes of them what has another [`form`].
//! - [`lane`] keeps what inputs say in their order, [`ordered`] what becomes of records and lines; [`progress`] shows how far
//!   the run is.
//! - [`seeing`] shows what went and why, in the [`color`]s that are asked for.
//! - [`failure`], [`complaints`] and [`exit`] say how it went.

#![forbid(unsafe_code)]

mod bench;
mod changing;
mod cli;
mod color;
mod command;
mod complaints;
mod config;
mod converting;
mod exit;
mod failure;
mod form;
mod input;
mod interrupt;
mod lane;
mod lines;
mod listing;
mod manual;
mod ordered;
mod output;
mod page;
mod place;
mod plan;
mod progress;
mod report;
mod rules;
mod run;
mod seeing;
mod setup;
mod text_file;
mod warc;

use form::Form;

fn main() -> std::process::ExitCode {
    let code = match config::arguments() {
        Ok(cli) => match &cli.command {
            Some(command) => command::run(command),
            None => run::run(&cli.cleaning, &cli.pages, Form::Html),
        },
        Err(failure) => {
            command::tell(&failure);
            failure.code()
        }
    };
    code.into()
}
