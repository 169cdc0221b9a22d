//! Memory that a process shares with those it has started: an anonymous file, sealed at its size and mapped whole.
//!
//! The file is as large as the address space allows and takes memory only where something was committed, so that it never
//! has to grow: one descriptor, handed over once, serves for all that is ever exchanged. Whoever holds a range keeps the
//! mapping alive; nothing is unmapped below a reader. What was given up: the range is not checked against other ranges,
//! the owner of the memory hands them out.

use std::io;
use std::sync::Arc;

#[cfg(target_os = "linux")]
#[path = "shared_memory/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "shared_memory/unsupported.rs"]
mod platform;

use platform::{Mapping, MemoryFile};

/// The memory as one process sees it.
#[derive(Debug)]
pub struct SharedMemory {
    /// Gone in a process that only maps it.
    file: Option<MemoryFile>,
    mapping: Arc<Mapping>,
}

/// A piece of the memory, which stays mapped as long as this exists.
#[derive(Debug)]
pub struct SharedRange {
    mapping: Arc<Mapping>,
    offset: usize,
    length: usize,
}

impl SharedMemory {
    /// Makes memory of this many bytes, none of which are there yet.
    ///
    /// # Errors
    /// What the system says; `Unsupported` where there is no such memory.
    pub fn create(length: usize) -> io::Result<Self> {
        let file = MemoryFile::create(length)?;
        let mapping = Arc::new(file.map()?);
        Ok(Self {
            file: Some(file),
            mapping,
        })
    }

    /// Maps what another process has made; the descriptor may be closed afterwards.
    ///
    /// # Errors
    /// `InvalidInput` where the descriptor is not one of sealed memory; else what the system says.
    pub fn open(descriptor: i32) -> io::Result<Self> {
        Ok(Self {
            file: None,
            mapping: Arc::new(platform::map_descriptor(descriptor)?),
        })
    }

    /// The descriptor to hand over; none in a process that only maps it, or after `close`.
    #[must_use]
    pub fn descriptor(&self) -> Option<i32> {
        self.file.as_ref().map(MemoryFile::descriptor)
    }

    /// Closes the descriptor. What is mapped stays.
    pub fn close(&mut self) {
        self.file = None;
    }

    /// The bytes there could be.
    #[must_use]
    pub fn length(&self) -> usize {
        self.mapping.length()
    }

    /// Has the system set memory aside, so that nobody is killed for want of it when it is written to.
    ///
    /// # Errors
    /// `InvalidInput` outside of the memory or without the descriptor; else what the system says.
    pub fn commit(&self, offset: usize, length: usize) -> io::Result<()> {
        self.check(offset, length)?;
        self.file()?.commit(offset, length)
    }

    /// Gives memory back; the range reads as zeros from now on.
    ///
    /// # Errors
    /// As `commit`.
    pub fn discard(&self, offset: usize, length: usize) -> io::Result<()> {
        self.check(offset, length)?;
        self.file()?.discard(offset, length)
    }

    /// A piece of the memory.
    ///
    /// # Errors
    /// `InvalidInput` outside of the memory.
    pub fn range(&self, offset: usize, length: usize) -> io::Result<SharedRange> {
        self.check(offset, length)?;
        Ok(SharedRange {
            mapping: Arc::clone(&self.mapping),
            offset,
            length,
        })
    }

    fn file(&self) -> io::Result<&MemoryFile> {
        self.file.as_ref().ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    fn check(&self, offset: usize, length: usize) -> io::Result<()> {
        match offset.checked_add(length) {
            Some(end) if end <= self.length() && length > 0 => Ok(()),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }
}

impl SharedRange {
    /// The first byte. Other processes may change what lies here at any time.
    #[must_use]
    pub fn as_ptr(&self) -> *mut u8 {
        self.mapping.start().wrapping_add(self.offset)
    }

    /// The bytes in it; never none.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const LENGTH: usize = 1 << 30;
    const PAGE: usize = 4096;

    fn write(range: &SharedRange, byte: u8) {
        // SAFETY: the range is mapped, and no other test knows of it.
        unsafe { range.as_ptr().write_bytes(byte, range.length()) };
    }

    fn read(range: &SharedRange) -> Vec<u8> {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts(range.as_ptr(), range.length()) }.to_vec()
    }

    #[test]
    fn what_one_mapping_writes_another_reads() {
        let ours = SharedMemory::create(LENGTH).unwrap();
        let theirs = SharedMemory::open(ours.descriptor().unwrap()).unwrap();
        assert_eq!(theirs.length(), LENGTH);
        ours.commit(LENGTH - PAGE, PAGE).unwrap();
        write(&ours.range(LENGTH - 3, 3).unwrap(), 7);
        assert_eq!(read(&theirs.range(LENGTH - 4, 4).unwrap()), [0, 7, 7, 7]);
    }

    #[test]
    fn a_range_outlives_the_memory_it_is_of() {
        let memory = SharedMemory::create(LENGTH).unwrap();
        let range = memory.range(PAGE, 2).unwrap();
        write(&range, 5);
        drop(memory);
        assert_eq!(read(&range), [5, 5]);
    }

    #[test]
    fn discarded_memory_reads_as_zeros() {
        let memory = SharedMemory::create(LENGTH).unwrap();
        let range = memory.range(0, PAGE).unwrap();
        write(&range, 1);
        memory.discard(0, PAGE).unwrap();
        assert!(read(&range).iter().all(|byte| *byte == 0));
    }

    #[test]
    fn nothing_outside_of_the_memory_is_given_out() {
        let memory = SharedMemory::create(PAGE).unwrap();
        for (offset, length) in [(0, PAGE + 1), (PAGE, 1), (usize::MAX, 1), (1, usize::MAX), (0, 0)] {
            assert!(memory.range(offset, length).is_err());
            assert!(memory.commit(offset, length).is_err());
            assert!(memory.discard(offset, length).is_err());
        }
    }

    #[test]
    fn the_size_is_sealed() {
        let memory = SharedMemory::create(LENGTH).unwrap();
        let descriptor = memory.descriptor().unwrap();
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(format!("/proc/self/fd/{descriptor}"));
        let error = file.unwrap().set_len(PAGE as u64).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::PERM.raw_os_error()));
    }

    #[test]
    fn a_descriptor_of_something_else_is_refused() {
        let file = std::fs::File::open("/proc/self/exe").unwrap();
        for descriptor in [std::os::fd::AsRawFd::as_raw_fd(&file), -1, i32::MAX] {
            assert!(SharedMemory::open(descriptor).is_err());
        }
    }

    #[test]
    fn a_size_that_cannot_be_is_an_error() {
        assert!(SharedMemory::create(0).is_err());
        assert!(SharedMemory::create(1 << 60).is_err());
    }
}
