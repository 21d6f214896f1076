//! Work on many items side by side, with the results in the items' order.
//!
//! One thread reads the items, some work on them, and the caller's takes the results. Each item comes with a slot for its
//! result; the slots stand in a queue in the order of the items.

use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, SyncSender, TryRecvError};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// How many bytes of items may be between the reader and the taker. One larger item may be there alone.
const ROOM: usize = 128 << 20;

/// What the taker gets.
pub(crate) enum Event<R> {
    /// The next result.
    Result(R),
    /// There is nothing more to be had before the next item has been read, which may take a while.
    Idle,
}

/// Reads items with `next`, which also gives how many bytes each one holds, works on them with `work` on as many threads
/// as `threads` says, and gives the results to `take`. Ends early when that breaks.
pub(crate) fn ordered<T: Send, R: Send>(
    threads: usize,
    mut next: impl FnMut() -> Option<(T, usize)> + Send,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(Event<R>) -> ControlFlow<()>,
) {
    let room = Room { used: Mutex::new(Some(0)), left: Condvar::new() };
    let (items, todo) = mpsc::sync_channel::<(T, SyncSender<R>)>(threads);
    let (slots, results) = mpsc::sync_channel::<(Receiver<R>, usize)>(threads * 4);
    let todo = Mutex::new(todo);
    thread::scope(|scope| {
        let (room, todo, work) = (&room, &todo, &work);
        scope.spawn(move || {
            while let Some((item, size)) = next() {
                let (slot, result) = mpsc::sync_channel(1);
                if !room.enter(size) || slots.send((result, size)).is_err() || items.send((item, slot)).is_err() {
                    break;
                }
            }
        });
        for _ in 0..threads {
            scope.spawn(move || {
                loop {
                    let item = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((item, slot)) = item else { break };
                    // No one takes it if the taker has broken off.
                    let _ = slot.send(work(item));
                }
            });
        }
        // Moved in here: the reader stops when it is dropped.
        let results = results;
        loop {
            let (result, size) = match results.try_recv() {
                Ok(slot) => slot,
                Err(TryRecvError::Disconnected) => break,
                Err(TryRecvError::Empty) => {
                    if take(Event::Idle).is_break() {
                        break;
                    }
                    let Ok(slot) = results.recv() else { break };
                    slot
                }
            };
            // There is none if a worker has panicked.
            let Ok(result) = result.recv() else { break };
            if take(Event::Result(result)).is_break() {
                break;
            }
            room.leave(size);
        }
        room.close();
    });
}

/// Counts the bytes on their way.
struct Room {
    /// There is no count when no one takes anything any more.
    used: Mutex<Option<usize>>,
    left: Condvar,
}

impl Room {
    /// Waits until there is room for `size` bytes. Gives false if there never will be.
    fn enter(&self, size: usize) -> bool {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |used: &mut Option<usize>| used.is_some_and(|used| used > 0 && used + size > ROOM);
        let mut used = self.left.wait_while(used, full).unwrap_or_else(PoisonError::into_inner);
        match &mut *used {
            Some(used) => *used += size,
            None => return false,
        }
        true
    }

    fn leave(&self, size: usize) {
        if let Some(used) = &mut *self.used.lock().unwrap_or_else(PoisonError::into_inner) {
            *used -= size;
        }
        self.left.notify_all();
    }

    fn close(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn run(threads: usize, stop: u32) -> Vec<u32> {
        let (mut items, mut taken) = (0..1000, Vec::new());
        let work = |n: u32| {
            thread::sleep(Duration::from_micros(u64::from(n % 7) * 20));
            n
        };
        ordered(
            threads,
            || items.next().map(|n| (n, 50 << 20)),
            work,
            |event| {
                if let Event::Result(n) = event {
                    taken.push(n);
                    if n == stop {
                        return ControlFlow::Break(());
                    }
                }
                ControlFlow::Continue(())
            },
        );
        taken
    }

    #[test]
    fn results_come_in_order() {
        for threads in [1, 2, 9] {
            assert!(run(threads, 1000).into_iter().eq(0..1000));
        }
    }

    #[test]
    fn a_taker_that_has_enough_stops_the_others() {
        assert!(run(4, 30).into_iter().eq(0..=30));
    }
}
