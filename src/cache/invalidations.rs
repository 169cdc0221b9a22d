//! What was to be forgotten in all threads. Each thread reads it up before its next answer.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::lock;
use super::package_jsons::clear_shared;
use super::tree::Tree;

/// Who is further behind forgets everything.
const MAXIMUM: usize = 256;

static GENERATION: AtomicU32 = AtomicU32::new(0);
static PATHS: Mutex<Vec<Option<Box<str>>>> = Mutex::new(Vec::new());

/// What is to be forgotten.
enum Forget {
    Paths(Vec<Box<str>>),
    Everything,
}

/// How often something was to be forgotten.
#[must_use]
pub fn current_generation() -> u32 {
    GENERATION.load(Ordering::Acquire)
}

/// Has all threads forget a path and what lies below it; everything, if there is none.
pub fn announce(path: Option<&str>) {
    let mut paths = lock(&PATHS);
    paths.push(path.map(Into::into));
    if paths.len() > MAXIMUM {
        paths.remove(0);
    }
    GENERATION.fetch_add(1, Ordering::AcqRel);
}

/// What was announced since a generation, and the generation now.
fn since(seen: u32) -> (u32, Forget) {
    let paths = lock(&PATHS);
    let now = current_generation();
    let missed = now.wrapping_sub(seen) as usize;
    let new = paths.len().checked_sub(missed).and_then(|first| paths.get(first..));
    let all = new.and_then(|new| new.iter().cloned().collect::<Option<Vec<_>>>());
    (now, all.map_or(Forget::Everything, Forget::Paths))
}

impl Tree {
    /// Forgets what others have said since it was last asked.
    pub(super) fn hear(&mut self) {
        let seen = self.generation;
        if current_generation() == seen {
            return;
        }
        let (now, forget) = since(seen);
        self.generation = now;
        match forget {
            Forget::Paths(paths) => {
                for path in paths {
                    self.invalidate(&path);
                }
            }
            Forget::Everything => {
                clear_shared();
                self.clear();
            }
        }
    }
}
