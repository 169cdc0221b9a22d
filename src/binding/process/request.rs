//! How JavaScript describes what is to be started, to the seam and to command pools alike: strings with NUL bytes between them, and
//! an array of numbers. `lib/spawn/layout.js` has the same constants.

use crate::process::{Command, Errno};

/// Where things stand in the array.
pub mod at {
    pub const ID: usize = 0;
    pub const ARGUMENT_COUNT: usize = 1;
    pub const ENVIRONMENT_COUNT: usize = 2;
    pub const FLAGS: usize = 3;
    pub const UID: usize = 4;
    pub const GID: usize = 5;
    pub const PARENT_DEATH_SIGNAL: usize = 6;
    pub const STDIO_COUNT: usize = 7;
    /// A descriptor, or 0.
    pub const ANNOUNCED_TO: usize = 8;
    /// As many are common to all.
    pub const COMMON: usize = 9;
}

/// Bits from 64 on are those of commands.
pub mod flag {
    pub const DETACHED: i32 = 1;
    pub const OWN_GROUP: i32 = 2;
    pub const UID: i32 = 4;
    pub const GID: i32 = 8;
    pub const CWD: i32 = 16;
    /// The thread that spawns has to live as long as the process.
    pub const LASTING_THREAD: i32 = 32;
}

/// In place of a descriptor.
pub const IGNORE: i32 = -1;
pub const PIPE: i32 = -2;

pub fn number(request: &[i32], place: usize) -> Result<i32, Errno> {
    request.get(place).copied().ok_or(Errno::INVAL)
}

pub fn count(request: &[i32], place: usize) -> Result<usize, Errno> {
    usize::try_from(number(request, place)?).map_err(|_| Errno::INVAL)
}

/// What is to be run. `strings` are the file, the directory, the arguments and the environment.
pub fn command(strings: String, request: &[i32]) -> Result<Command, Errno> {
    let flags = number(request, at::FLAGS)?;
    let mut block = strings.into_bytes();
    block.push(0);
    let arguments = count(request, at::ARGUMENT_COUNT)?;
    let mut ends = block
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == 0)
        .map(|(place, _)| place + 1);
    let after_file = ends.next().ok_or(Errno::INVAL)?;
    let after_cwd = ends.next().ok_or(Errno::INVAL)?;
    let after_arguments = match arguments {
        0 => after_cwd,
        _ => ends.nth(arguments - 1).ok_or(Errno::INVAL)?,
    };
    let environment = (block.split_off(after_arguments), count(request, at::ENVIRONMENT_COUNT)?);
    let arguments = (block.split_off(after_cwd), arguments);
    let file = block.get(..after_file - 1).ok_or(Errno::INVAL)?;
    let mut command = Command::from_blocks(file, arguments, environment)?;
    if flags & flag::CWD != 0 {
        command.set_cwd(block.get(after_file..after_cwd - 1).ok_or(Errno::INVAL)?)?;
    }
    command.is_detached = flags & flag::DETACHED != 0;
    command.has_own_group = flags & flag::OWN_GROUP != 0;
    // A negative number is the large one that the kernel makes of it.
    if flags & flag::UID != 0 {
        command.uid = Some(number(request, at::UID)?.cast_unsigned());
    }
    if flags & flag::GID != 0 {
        command.gid = Some(number(request, at::GID)?.cast_unsigned());
    }
    command.parent_death_signal = Some(number(request, at::PARENT_DEATH_SIGNAL)?).filter(|signal| *signal != 0);
    command.announced_to = Some(number(request, at::ANNOUNCED_TO)?).filter(|descriptor| *descriptor > 0);
    Ok(command)
}
