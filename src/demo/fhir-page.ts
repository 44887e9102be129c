import type { Bundle } from '@medplum/fhirtypes'

/** The search result as a server shows it: addresses of the entries, and where the next page is. */
export function pageOf(found: Bundle, url: string, path: string, query: URLSearchParams): Bundle {
  const entry = found.entry?.map(({ resource }) => ({
    fullUrl: `${url}/${resource?.resourceType}/${resource?.id}`,
    resource,
    search: { mode: 'match' as const },
  }))
  const link: Bundle['link'] = [{ relation: 'self', url: address(url, path, query) }]
  const next = Number(query.get('_offset') ?? 0) + (entry?.length ?? 0)
  if (entry !== undefined && next < (found.total ?? 0)) {
    const query2 = new URLSearchParams(query)
    query2.set('_offset', String(next))
    link.push({ relation: 'next', url: address(url, path, query2) })
  }
  return { ...found, link, ...(entry ? { entry } : {}) }
}

function address(url: string, path: string, query: URLSearchParams): string {
  const base = path === '' ? url : `${url}/${path}`
  return query.size > 0 ? `${base}?${query}` : base
}
