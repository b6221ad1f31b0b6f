/** A program that takes so much memory, page by page, and then touches pages of it at random for as long as it lives. */
export function eater(mebibytes: number, options: { readonly mibPerSecond?: number; readonly touches?: number } = {}): string {
  const { mibPerSecond = 400, touches = 4000 } = options;
  return `exec python3 -c '
import random, time
blocks = []
for count in range(${mebibytes}):
    blocks.append(bytearray(random.randbytes(4096) * 256)); time.sleep(1 / ${mibPerSecond})
while True:
    for touch in range(${touches}):
        block = random.choice(blocks); block[random.randrange(0, 1 << 20, 4096)] = touch & 255
    time.sleep(0.05)
'`;
}
