//! Writes a picture of black and white squares as PNG, without compression: enough for a QR code.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// A stored block of deflate holds no more.
const STORED_MOST: usize = 65_535;

/// A square picture; `dark[y * width + x]` squares are black, each `scale` pixels wide, with a white border of `border` squares.
pub(super) fn squares(dark: &[bool], width: usize, scale: usize, border: usize) -> Vec<u8> {
    let side = (width + 2 * border) * scale;
    let is_dark = |pixel: usize| (pixel / scale).checked_sub(border).filter(|at| *at < width);
    let mut rows = Vec::with_capacity(side * (side / 8 + 2));
    for y in 0..side {
        // Each row begins with its filter: none.
        rows.push(0);
        let mut bits = vec![0xff_u8; side.div_ceil(8)];
        for x in 0..side {
            if let (Some(column), Some(row)) = (is_dark(x), is_dark(y))
                && dark[row * width + column]
            {
                bits[x / 8] &= !(0x80 >> (x % 8));
            }
        }
        rows.extend_from_slice(&bits);
    }
    file(side, &rows)
}

fn file(side: usize, rows: &[u8]) -> Vec<u8> {
    let side = u32::try_from(side).expect("a QR code is small").to_be_bytes();
    // One bit a pixel, greys.
    let header = [&side[..], &side[..], &[1, 0, 0, 0, 0]].concat();
    let mut png = SIGNATURE.to_vec();
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"IDAT", &stored(rows));
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    let length = u32::try_from(content.len()).expect("a QR code is small");
    png.extend_from_slice(&length.to_be_bytes());
    let start = png.len();
    png.extend_from_slice(name);
    png.extend_from_slice(content);
    let checksum = crc32(&png[start..]);
    png.extend_from_slice(&checksum.to_be_bytes());
}

/// The bytes in zlib's format, uncompressed.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = bytes.chunks(STORED_MOST);
    let last = blocks.len() - 1;
    for (at, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).expect("a chunk of at most 65535");
        out.push(u8::from(at == last));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&adler32(bytes).to_be_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn one_dark_square_in_a_white_border() {
        let png = squares(&[true], 1, 1, 1);
        let rows = [0, 0xff, 0, 0b1011_1111, 0, 0xff];
        assert!(png.windows(rows.len()).any(|window| window == rows));
        assert!(png.starts_with(SIGNATURE));
    }
}
