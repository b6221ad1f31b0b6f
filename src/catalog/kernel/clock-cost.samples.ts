/** Debian 12, Linux 6.18, a virtual machine; some of the interrupts are left out. */
export const epycGuest = `clock tsc
from 38438750 32 4431 PCI-MSIX-0000:00:01.0 4-edge virtio0-reporting_vq
from 38438750 36 1963327 PCI-MSIX-0000:00:02.0 1-edge virtio1-req.0
from 38438750 42 90231 PCI-MSIX-0000:00:04.0 2-edge virtio3-tx
cost 82.8 59.8 213.5 11.8
cost 82.7 59.6 215.3 11.6
cost 82.9 59.6 215.2 11.9
cost 82.3 59.2 215.7 11.7
cost 83.3 60.1 215.7 11.8
cost 83.7 59.8 213.3 11.9
cost 83.0 60.4 216.8 11.7
cost 82.8 59.6 215.6 11.9
cost 83.8 59.6 217.4 11.7
cost 83.6 60.2 217.6 12.1
to 38440610 32 4431 PCI-MSIX-0000:00:01.0 4-edge virtio0-reporting_vq
to 38440610 36 1963333 PCI-MSIX-0000:00:02.0 1-edge virtio1-req.0
to 38440610 42 90232 PCI-MSIX-0000:00:04.0 2-edge virtio3-tx
unanswered 26 11 5
unanswered 32 4379 1
unanswered 38 62211 1
unanswered 39 42408 1
unanswered 42 89177 1
`;

/** Debian's Linux 6.12 in QEMU without KVM, on a busy machine. */
export const emulatedOnHpet = `clock hpet
from 21060 0 526 IO-APIC 2-edge timer
from 21060 1 9 IO-APIC 1-edge i8042
from 21060 4 10 IO-APIC 4-edge ttyS0
from 21060 12 5 IO-APIC 12-edge i8042
cost 14335.0 877.5 837.0 142.2
cost 2260.7 882.1 846.3 143.0
cost 5655.9 874.8 857.3 143.5
cost 12013.4 870.9 843.6 143.6
cost 9560.6 7025.2 830.3 143.3
cost 10100.4 877.8 835.3 143.3
cost 7448.8 876.5 837.0 143.3
cost 12630.9 880.2 3648.8 143.0
cost 15633.0 917.1 844.7 142.8
cost 12490.8 885.4 845.7 143.8
to 29000 0 526 IO-APIC 2-edge timer
to 29000 1 9 IO-APIC 1-edge i8042
to 29000 4 66 IO-APIC 4-edge ttyS0
to 29000 12 5 IO-APIC 12-edge i8042
unanswered 4 82 8
`;
