// An image of half the width and height: each pixel the mean of four.

export default function halve(image, { emit, signal }) {
  const [header, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(image.toString('latin1', 0, 64));
  const pixels = image.subarray(header.length);
  const [halfWidth, halfHeight] = [width >> 1, height >> 1];
  const halved = Buffer.alloc(halfWidth * halfHeight);
  for (let y = 0; y < halfHeight; y++) {
    signal.throwIfAborted();
    for (let x = 0; x < halfWidth; x++) {
      const at = 2 * y * width + 2 * x;
      const sum = pixels[at] + pixels[at + 1] + pixels[at + Number(width)] + pixels[at + Number(width) + 1];
      halved[y * halfWidth + x] = sum >> 2;
    }
    if ((y + 1) % Math.ceil(halfHeight / 4) === 0) emit(Math.round((100 * (y + 1)) / halfHeight));
  }
  return Buffer.concat([Buffer.from(`P5\n${halfWidth} ${halfHeight}\n255\n`), halved]);
}
