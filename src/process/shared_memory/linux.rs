//! memfd: a file without a name, gone with the last descriptor and the last mapping of it.

use std::ffi::c_void;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::ptr;

use rustix::fs::{FallocateFlags, MemfdFlags, SealFlags};
use rustix::mm::{MapFlags, ProtFlags};
use rustix::process::Resource;

/// The size is what it is: nobody's mapping ever reaches beyond the end of the file.
const SEALS: SealFlags = SealFlags::SHRINK.union(SealFlags::GROW).union(SealFlags::SEAL);

/// The file behind the memory.
#[derive(Debug)]
pub struct MemoryFile {
    file: OwnedFd,
    length: usize,
}

impl MemoryFile {
    pub fn create(length: usize) -> io::Result<Self> {
        // Past this limit the system would not only refuse, but send SIGXFSZ.
        let limit = rustix::process::getrlimit(Resource::Fsize).current;
        if length == 0 || limit.is_some_and(|limit| limit < length as u64) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = rustix::fs::memfd_create("fast-resolve-pool", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        rustix::fs::ftruncate(&file, length as u64)?;
        rustix::fs::fcntl_add_seals(&file, SEALS)?;
        Ok(Self { file, length })
    }

    pub fn descriptor(&self) -> RawFd {
        self.file.as_raw_fd()
    }

    pub fn map(&self) -> io::Result<Mapping> {
        Mapping::new(self.file.as_fd(), self.length)
    }

    pub fn commit(&self, offset: usize, length: usize) -> io::Result<()> {
        Ok(rustix::fs::fallocate(
            &self.file,
            FallocateFlags::empty(),
            offset as u64,
            length as u64,
        )?)
    }

    pub fn discard(&self, offset: usize, length: usize) -> io::Result<()> {
        let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        Ok(rustix::fs::fallocate(&self.file, flags, offset as u64, length as u64)?)
    }
}

/// Maps memory that another process has made.
pub fn map_descriptor(descriptor: RawFd) -> io::Result<Mapping> {
    if descriptor < 0 {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: it is borrowed for the length of this call, in which nothing closes it; one that is not open is refused by
    // the system at the first use.
    let file = unsafe { BorrowedFd::borrow_raw(descriptor) };
    // Only such memory has seals. Without them it could be cut off below a reader, who would be killed for it.
    if !rustix::fs::fcntl_get_seals(file)?.contains(SEALS) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let length = usize::try_from(rustix::fs::fstat(file)?.st_size).map_err(|_| io::ErrorKind::InvalidInput)?;
    Mapping::new(file, length)
}

/// The whole file in this process's address space.
#[derive(Debug)]
pub struct Mapping {
    start: *mut c_void,
    length: usize,
}

// SAFETY: an address and a length, which do not change; what lies there is read and written through raw pointers only, by
// those who have agreed on who may.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl Mapping {
    fn new(file: BorrowedFd<'_>, length: usize) -> io::Result<Self> {
        let flags = MapFlags::SHARED | MapFlags::NORESERVE;
        // SAFETY: the system chooses the place, so that nothing which is mapped is replaced.
        let start = unsafe {
            rustix::mm::mmap(
                ptr::null_mut(),
                length,
                ProtFlags::READ | ProtFlags::WRITE,
                flags,
                file,
                0,
            )
        }?;
        Ok(Self { start, length })
    }

    pub fn start(&self) -> *mut u8 {
        self.start.cast()
    }

    pub fn length(&self) -> usize {
        self.length
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: whoever has an address in here holds the mapping; the last of them is gone.
        // It fails only for a range that was never mapped.
        let unmapped = unsafe { rustix::mm::munmap(self.start, self.length) };
        debug_assert!(unmapped.is_ok());
    }
}
