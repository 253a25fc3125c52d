import { mount } from 'svelte'
import './styles/tokens.css'
import './styles/app.css'
import App from './App.svelte'
import { connect } from './client/connect.ts'
import { appearance } from './state/appearance.svelte.ts'
import Unavailable from './Unavailable.svelte'

// Before anything is drawn, so that a dark window doesn't flash.
appearance.recall()

const target = document.getElementById('app')!
try {
  mount(App, { target, props: { client: await connect() } })
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  mount(Unavailable, { target, props: { reason } })
}
