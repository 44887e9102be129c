import { Hono } from 'hono'
import { officeEntryPage, officeHandOverPage, PAGE_CSP } from '../pages/index.ts'
import type { EhrRegion } from './ehr-pages.ts'
import { DEMO_OFFICERS, OFFICER_TITLES } from './world/index.ts'

/** Where a region's council office logs in: a button for each of its people, with a fresh login every time. */
export function officeEntry(region: EhrRegion) {
  const officers = DEMO_OFFICERS.filter((each) => each.region === region.id)
  return new Hono()
    .get('/', (c) =>
      c.html(
        officeEntryPage({
          title: `${region.name} 協議会事務局`,
          action: '/office/open',
          officers: officers.map(({ userId, name, duty }) => ({
            name: `${name}（${userId}）`,
            note: OFFICER_TITLES[duty].ja,
            fields: { user: userId },
          })),
        }),
        200,
        { 'content-security-policy': PAGE_CSP, 'cache-control': 'no-store' },
      ),
    )
    .post('/open', async (c) => {
      const chosen = (await c.req.formData()).get('user')
      const officer = officers.find(({ userId }) => userId === chosen)
      if (officer === undefined) return c.text('利用者がいません。 No such user.', 404)
      const action = `${region.localUrl}/office/launch`
      const fields = { login: await region.provider.officerLogin(officer) }
      return c.html(officeHandOverPage({ officerName: officer.name, action, fields }), 200, {
        'content-security-policy': PAGE_CSP.replace("form-action 'self'", `form-action ${region.localUrl}`),
        'cache-control': 'no-store',
      })
    })
}
