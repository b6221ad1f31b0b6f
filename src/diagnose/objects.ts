import type { Report } from '../define/report.ts';

/** `host` → `node/pve1`, `storage/tank` → `storage/pve1/tank`: the names that Proxmox exporters use, so that dashboards join. */
export function objectName(object: string, hostname: string | undefined): string {
  if (object === 'host') return hostname ? `node/${hostname}` : 'host';
  if (hostname && object.startsWith('storage/')) return `storage/${hostname}/${object.slice('storage/'.length)}`;
  return object;
}

/** Puts the host's name into all objects of a report. */
export function nameObjects(report: Report): Report {
  const name = (object: string): string => objectName(object, report.host.hostname);
  return {
    ...report,
    causes: report.causes.map((cause) => ({ ...cause, objects: cause.objects.map(name) })),
    alsoNoticed: report.alsoNoticed.map((notice) => ({ ...notice, objects: notice.objects.map(name) })),
    symptoms: report.symptoms.map((symptom) => ({ ...symptom, object: name(symptom.object) })),
  };
}
