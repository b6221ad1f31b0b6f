/** GHES says so at boot (drivers/acpi/apei/ghes.c); the driver ghes_edac shows what the firmware hands on (drivers/edac/ghes_edac.c). */
const announcement = /APEI firmware first mode is enabled|Giving out device to module ghes_edac/;

/**
 * The line by which the kernel says that the firmware handles hardware errors first. It then hands on what it likes, and keeps the
 * rest in the event log of the management controller: a count of zero says little.
 */
export function firmwareFirst(log: { readonly lines: readonly { readonly text: string }[] } | undefined): string | undefined {
  return log?.lines.find(({ text }) => announcement.test(text.slice(0, 300)))?.text;
}
