//! The memory that a pool shares with its workers.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "JavaScript counts in doubles; a number that is no offset ends up outside of the memory and is refused"
)]

use std::io;

use napi::bindgen_prelude::{ArrayBuffer, Uint8Array};
use napi::{Error, Result, Status};
use napi_derive::napi;

use crate::process::parent_watch;
use crate::process::shared_memory::SharedMemory;

/// Memory shared with other processes.
#[napi(js_name = "SharedMemory")]
pub struct JsSharedMemory {
    memory: SharedMemory,
}

#[napi]
impl JsSharedMemory {
    /// Makes memory of this many bytes; they take nothing until they are committed or written to.
    ///
    /// # Errors
    /// Where there is no such memory, or not that much.
    #[napi(factory, catch_unwind)]
    pub fn create(length: f64) -> Result<Self> {
        let memory = SharedMemory::create(length as usize).map_err(to_error)?;
        Ok(Self { memory })
    }

    /// Maps what the parent has made.
    ///
    /// # Errors
    /// Where the descriptor is not one of such memory.
    #[napi(factory, catch_unwind)]
    pub fn open(descriptor: i32) -> Result<Self> {
        let memory = SharedMemory::open(descriptor).map_err(to_error)?;
        Ok(Self { memory })
    }

    /// The descriptor to hand over, or -1.
    #[napi(getter, catch_unwind)]
    #[must_use]
    pub fn descriptor(&self) -> i32 {
        self.memory.descriptor().unwrap_or(-1)
    }

    /// The bytes there could be.
    #[napi(getter, catch_unwind)]
    #[must_use]
    pub fn length(&self) -> f64 {
        self.memory.length() as f64
    }

    /// Closes the descriptor; views stay.
    #[napi(catch_unwind)]
    pub fn close(&mut self) {
        self.memory.close();
    }

    /// Sets memory aside.
    ///
    /// # Errors
    /// Where there is not that much left.
    #[napi(catch_unwind)]
    pub fn commit(&self, offset: f64, length: f64) -> Result<()> {
        self.memory.commit(offset as usize, length as usize).map_err(to_error)
    }

    /// Gives memory back.
    ///
    /// # Errors
    /// Outside of the memory.
    #[napi(catch_unwind)]
    pub fn discard(&self, offset: f64, length: f64) -> Result<()> {
        self.memory.discard(offset as usize, length as usize).map_err(to_error)
    }

    /// The bytes of a range, in place. They stay mapped as long as JavaScript holds them.
    ///
    /// # Errors
    /// Outside of the memory.
    #[napi(catch_unwind)]
    pub fn view(&self, offset: f64, length: f64) -> Result<Uint8Array> {
        let range = self.memory.range(offset as usize, length as usize).map_err(to_error)?;
        let (start, length) = (range.as_ptr(), range.length());
        // SAFETY: the range keeps these bytes mapped, and is dropped when JavaScript has let go of them. What is written
        // there meanwhile is seen by JavaScript alone, for which any byte will do.
        Ok(unsafe { Uint8Array::with_external_data(start, length, move |_, _| drop(range)) })
    }
}

/// Takes the bytes away from an `ArrayBuffer`, which is empty from now on.
///
/// # Errors
/// Where it can't be done to this one.
#[napi(catch_unwind)]
pub fn detach(buffer: ArrayBuffer<'_>) -> Result<()> {
    buffer.detach()
}

/// Ends this process and its group when the other end of this pipe is closed, after so many milliseconds.
///
/// # Errors
/// Where that can't be had.
#[napi(catch_unwind)]
pub fn end_with_parent(descriptor: i32, grace: u32) -> Result<()> {
    parent_watch::end_with_parent(descriptor, grace.into()).map_err(to_error)
}

/// Kills the process group of this process.
#[napi(catch_unwind)]
pub fn kill_own_group() {
    parent_watch::kill_own_group();
}

fn to_error(error: io::Error) -> Error {
    Error::new(Status::GenericFailure, error.to_string())
}
