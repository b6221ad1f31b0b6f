/** What the kernel says of the vulnerability when its mitigation took AVX from everybody (arch/x86/kernel/cpu/bugs.c). */
export const avxDisabledText = 'Mitigation: AVX disabled, no microcode';

/** Number of the feature AVX in the kernel's own list (word 4, bit 28), which `clearcpuid` takes besides its name. */
const avxNumber = '156';

type Parameters = readonly { name: string; value?: string | undefined }[];

/** The boot parameter that takes AVX away. What the kernel says about the vulnerability decides whether forcing its mitigation switched anything off. */
export function parameterAgainstAvx(parameters: Parameters, known?: Readonly<Record<string, string>>): string | undefined {
  const mayForce = known?.['gather_data_sampling'] === undefined || known['gather_data_sampling'] === avxDisabledText;
  const found = parameters.find(
    ({ name, value = '' }) => (mayForce && name === 'gather_data_sampling' && value === 'force') || (name === 'clearcpuid' && value.split(',').some((one) => one === 'avx' || one === avxNumber)),
  );
  return found && `${found.name}=${found.value}`;
}
