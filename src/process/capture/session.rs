//! The commands of one JavaScript thread.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::outbox::{Ending, Event, Outbox};
use super::request::Request;
use super::run::Run;
use super::start::launch;
use crate::process::spawner;

/// Starts commands, and collects what there is to tell of them. All calls come from one thread.
pub struct Session {
    outbox: Arc<Outbox>,
    runs: Mutex<HashMap<u32, Arc<Run>>>,
}

impl Session {
    /// Calls `wake`, on any thread, when there is something to [take](Session::take) where there was nothing.
    #[must_use]
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            outbox: Arc::new(Outbox::new(wake)),
            runs: Mutex::default(),
        }
    }

    /// Starts a command. Whatever comes of it is told as an [`Event`] with this number, which must not be in use.
    pub fn start(&self, id: u32, request: Request) {
        let run = Run::new(id, &request, Arc::clone(&self.outbox));
        self.lock().insert(id, Arc::clone(&run));
        let own = Arc::clone(&run);
        if let Err(errno) = spawner::run(move || launch(&own, request)) {
            run.failed(Some(errno));
        }
    }

    /// Tells a command to end with its signal, and later by force; or by force at once.
    pub fn terminate(&self, id: u32, is_forced: bool) {
        if let Some(run) = self.run(id) {
            run.terminate(Ending::Canceled, is_forced);
        }
    }

    /// Gives a command more input. Says whether it may have more at once, or when [`Event::Drained`] has come.
    pub fn write(&self, id: u32, bytes: Vec<u8>) -> bool {
        self.run(id).is_some_and(|run| run.write(bytes))
    }

    /// A command gets no more input.
    pub fn end_input(&self, id: u32) {
        if let Some(run) = self.run(id) {
            run.end_input();
        }
    }

    /// So many bytes of a command's [chunks](Event::Chunk) have been read.
    pub fn resume(&self, id: u32, bytes: usize) {
        if let Some(run) = self.run(id) {
            run.resume(bytes);
        }
    }

    /// The number of a command's process; 0 before there is one, and after its end was [taken](Session::take).
    #[must_use]
    pub fn pid(&self, id: u32) -> i32 {
        self.run(id).map_or(0, |run| run.lock().pid)
    }

    /// Tells what a command writes to an output that is gathered, from its beginning, as [`Event::Shown`].
    pub fn show(&self, id: u32, is_stderr: bool) {
        if let Some(run) = self.run(id) {
            run.show(is_stderr);
        }
    }

    /// All there is to tell, in its order.
    #[must_use]
    pub fn take(&self) -> Vec<Event> {
        let events = self.outbox.take();
        let mut runs = self.lock();
        for event in &events {
            if let Event::Ended(id, _) = event {
                runs.remove(id);
            }
        }
        events
    }

    /// Ends all commands but those that are detached, and tells nobody.
    pub fn close(&self) {
        self.outbox.close();
        for (_, run) in self.lock().drain() {
            run.abandon();
        }
    }

    fn run(&self, id: u32) -> Option<Arc<Run>> {
        self.lock().get(&id).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Arc<Run>>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.close();
    }
}
