//! Compressed downloads to plain files, one layer, with a bound on what comes out.
//!
//! Recognised by the first bytes: Zstandard, gzip (any number of members), zlib, and zip and cabinet
//! archives with exactly one file. Archives with more or fewer are files of their own kind (a source
//! bundle is a zip) and left alone.

use std::io::{self, Cursor, Read, Write};

use flate2::read::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

use crate::error::{Code, Error};

/// How a download was packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not packed, or packed in a way that is left alone.
    None,
    /// gzip, RFC 1952.
    Gzip,
    /// zlib, RFC 1950.
    Zlib,
    /// Zstandard, RFC 8878.
    Zstd,
    /// A zip archive with one file.
    Zip,
    /// A Microsoft cabinet with one file, as symbol servers send it.
    Cab,
}

impl Packing {
    /// The name that crosses the boundary.
    pub fn name(self) -> &'static str {
        match self {
            Packing::None => "none",
            Packing::Gzip => "gzip",
            Packing::Zlib => "zlib",
            Packing::Zstd => "zstd",
            Packing::Zip => "zip",
            Packing::Cab => "cab",
        }
    }
}

/// Recognises the packing; archives are opened as far as their directory.
///
/// # Errors
/// [`Code::MalformedStream`] for an archive whose directory cannot be read.
pub fn packing(data: &[u8]) -> Result<Packing, Error> {
    Ok(match data {
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Packing::Zstd,
        [0x1f, 0x8b, ..] => Packing::Gzip,
        [0x78, 0x01 | 0x9c | 0xda, ..] => Packing::Zlib,
        [b'P', b'K', 3, 4, ..] if single_zip_entry(data)? => Packing::Zip,
        [b'M', b'S', b'C', b'F', ..] if single_cab_file(data)?.is_some() => Packing::Cab,
        _ => Packing::None,
    })
}

/// Unpacks `data` into what `open` gives, and tells how many bytes came out.
///
/// `open` is called only when there is something to unpack. On an error the output holds a part.
///
/// # Errors
/// [`Code::DecompressedTooLarge`] beyond `max_bytes`, [`Code::MalformedStream`] for a stream that is
/// damaged or ends early, [`Code::Io`] from the output.
pub fn decompress<W: Write>(
    data: &[u8],
    max_bytes: u64,
    open: impl FnOnce() -> io::Result<W>,
) -> Result<(Packing, u64), Error> {
    let packing = packing(data)?;
    if packing == Packing::None {
        return Ok((packing, 0));
    }
    let mut out = Sink {
        out: open().map_err(|error| Error::io("open the output", &error))?,
        written: 0,
        max_bytes,
    };
    match packing {
        Packing::None => {}
        Packing::Zstd => {
            let decoder = zstd::stream::read::Decoder::new(data).map_err(damaged)?;
            out.drain(decoder)?;
        }
        Packing::Gzip => out.drain(MultiGzDecoder::new(data))?,
        Packing::Zlib => out.drain(Zlib::new(data))?,
        Packing::Zip => {
            let mut archive = zip::ZipArchive::new(Cursor::new(data)).map_err(damaged_zip)?;
            out.drain(archive.by_index(0).map_err(damaged_zip)?)?;
        }
        Packing::Cab => {
            let mut cabinet = cab::Cabinet::new(Cursor::new(data)).map_err(damaged)?;
            let name = single_cab_file(data)?.unwrap_or_default();
            out.drain(cabinet.read_file(&name).map_err(damaged)?)?;
        }
    }
    out.out
        .flush()
        .map_err(|error| Error::io("write the output", &error))?;
    Ok((packing, out.written))
}

/// Whether a zip holds one file and nothing else.
fn single_zip_entry(data: &[u8]) -> Result<bool, Error> {
    let mut archive = zip::ZipArchive::new(Cursor::new(data)).map_err(damaged_zip)?;
    if archive.len() != 1 {
        return Ok(false);
    }
    let entry = archive.by_index_raw(0).map_err(damaged_zip)?;
    Ok(entry.is_file())
}

/// Name of the only file of a cabinet, if it is the only one.
///
/// An only file starts at the beginning of its folder. `cab` seeks to wherever the file is said to
/// start and fails with a panic when that is behind the data (found by fuzzing), hence the check.
fn single_cab_file(data: &[u8]) -> Result<Option<String>, Error> {
    let cabinet = cab::Cabinet::new(Cursor::new(data)).map_err(damaged)?;
    let mut files = cabinet
        .folder_entries()
        .flat_map(|folder| folder.file_entries());
    let (Some(file), None) = (files.next(), files.next()) else {
        return Ok(None);
    };
    // Offset 16 of the header says where the file records start; the start of the file within its
    // folder is the second word of a record.
    let word = |at: usize| Some(u32::from_le_bytes(*data.get(at..)?.first_chunk()?));
    let record = word(16).unwrap_or(0) as usize;
    if word(record + 4) != Some(0) {
        let message = "the only file of the cabinet does not start its folder";
        return Err(Error::new(Code::MalformedStream, message).at(record as u64));
    }
    Ok(Some(file.name().to_owned()))
}

/// Bytes moved at once.
const CHUNK_BYTES: usize = 64 << 10;

struct Sink<W> {
    out: W,
    written: u64,
    max_bytes: u64,
}

impl<W: Write> Sink<W> {
    fn drain(&mut self, mut decoder: impl Read) -> Result<(), Error> {
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let read = match decoder.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(damaged(error).at(self.written)),
            };
            if read as u64 > self.max_bytes - self.written {
                return Err(Error::new(
                    Code::DecompressedTooLarge,
                    format!(
                        "the file decompresses to more than {} bytes",
                        self.max_bytes
                    ),
                )
                .with_remedy("raise max_download_size if the file is to be trusted"));
            }
            self.out
                .write_all(&chunk[..read])
                .map_err(|error| Error::io("write the output", &error))?;
            self.written += read as u64;
        }
    }
}

/// Reads a zlib stream to its end mark. `flate2`'s own reader takes the end of the input for the end
/// of the stream, so that a file cut short would pass as whole.
struct Zlib<'a> {
    data: &'a [u8],
    decoder: Decompress,
    ended: bool,
}

impl<'a> Zlib<'a> {
    fn new(data: &'a [u8]) -> Self {
        Zlib {
            data,
            decoder: Decompress::new(true),
            ended: false,
        }
    }
}

impl Read for Zlib<'_> {
    fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
        while !self.ended {
            let (before_in, before_out) = (self.decoder.total_in(), self.decoder.total_out());
            let status = self
                .decoder
                .decompress(self.data, chunk, FlushDecompress::None)?;
            let consumed = (self.decoder.total_in() - before_in) as usize;
            let produced = (self.decoder.total_out() - before_out) as usize;
            self.data = &self.data[consumed..];
            self.ended = status == Status::StreamEnd;
            if produced > 0 {
                return Ok(produced);
            }
            if !self.ended && (consumed == 0 || self.data.is_empty()) {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}

fn damaged(error: io::Error) -> Error {
    Error::caused(Code::MalformedStream, &error)
}

fn damaged_zip(error: zip::result::ZipError) -> Error {
    Error::caused(Code::MalformedStream, &error)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    const TEXT: &[u8] = b"MODULE Linux x86_64 000000000000000000000000000000000 app\n";

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, data) in entries {
            let options = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored);
            writer.start_file(*name, options).unwrap();
            writer.write_all(data).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn cabinet(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = cab::CabinetBuilder::new();
        let folder = builder.add_folder(cab::CompressionType::MsZip);
        for (name, _) in files {
            folder.add_file(*name);
        }
        let mut writer = builder.build(Cursor::new(Vec::new())).unwrap();
        let mut files = files.iter();
        while let Some(mut file) = writer.next_file().unwrap() {
            file.write_all(files.next().unwrap().1).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    type Run = (Result<(Packing, u64), Error>, Option<Vec<u8>>);

    fn run(data: &[u8], max_bytes: u64) -> Run {
        let mut out = None;
        let result = decompress(data, max_bytes, || Ok(out.insert(Vec::new())));
        (result, out)
    }

    #[test]
    fn decompress_every_packing_gives_the_file_back() {
        let zstd = zstd::encode_all(TEXT, 3).unwrap();
        let members = [gzip(&TEXT[..9]), gzip(&TEXT[9..])].concat();
        let cases = [
            (Packing::Gzip, gzip(TEXT)),
            (Packing::Gzip, members),
            (Packing::Zlib, zlib(TEXT)),
            (Packing::Zstd, zstd),
            (Packing::Zip, zip(&[("a/app.sym", TEXT)])),
            (Packing::Cab, cabinet(&[("app.pd_", TEXT)])),
        ];
        for (packing, data) in cases {
            let (result, out) = run(&data, TEXT.len() as u64);
            assert_eq!(result, Ok((packing, TEXT.len() as u64)), "{packing:?}");
            assert_eq!(out.as_deref(), Some(TEXT), "{packing:?}");
        }
    }

    #[test]
    fn decompress_what_is_not_packed_opens_no_output() {
        let two_files = [("a", TEXT), ("b", TEXT)];
        let cases = [
            TEXT.to_vec(),
            Vec::new(),
            b"SYSB\x02\0\0\0PK".to_vec(),
            zip(&two_files),
            zip(&[]),
            cabinet(&two_files),
        ];
        for data in cases {
            let (result, out) = run(&data, 1 << 20);
            assert_eq!(result, Ok((Packing::None, 0)));
            assert_eq!(out, None);
        }
    }

    #[test]
    fn decompress_beyond_the_bound_is_a_limit() {
        let max = TEXT.len() as u64 - 1;
        let zeros = gzip(&vec![0; 10 << 20]);
        for data in [
            gzip(TEXT),
            zlib(TEXT),
            zip(&[("a", TEXT)]),
            cabinet(&[("a", TEXT)]),
            zeros,
        ] {
            let (result, _) = run(&data, max);
            assert_eq!(result.unwrap_err().code, Code::DecompressedTooLarge);
        }
    }

    #[test]
    fn decompress_cabinet_whose_file_starts_behind_its_data_is_malformed() {
        let mut data = cabinet(&[("a", TEXT)]);
        let record = u32::from_le_bytes(data[16..20].try_into().unwrap()) as usize;
        data[record + 4..record + 8].copy_from_slice(&0x3000_u32.to_le_bytes());
        let (result, _) = run(&data, 1 << 20);
        assert_eq!(result.unwrap_err().code, Code::MalformedStream);
    }

    #[test]
    fn decompress_cut_streams_are_malformed() {
        let zstd = zstd::encode_all(TEXT, 3).unwrap();
        for data in [
            gzip(TEXT),
            zlib(TEXT),
            zstd,
            zip(&[("a", TEXT)]),
            cabinet(&[("a", TEXT)]),
        ] {
            for keep in [data.len() - 1, data.len() / 2, 4] {
                let (result, _) = run(&data[..keep], 1 << 20);
                assert_eq!(result.unwrap_err().code, Code::MalformedStream, "{keep}");
            }
        }
    }
}
