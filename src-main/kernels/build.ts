/** `npm run build`: compiles the kernels, so that the first command after it need not. */
import { compiledKernels } from './compile-kernels.ts'

const { code, cached } = await compiledKernels()
const sizes = [...code].map(([name, bytes]) => `${name} ${(bytes.length / 1024).toFixed(1)} kB`)
console.log(`${cached ? 'Up to date' : 'Compiled'}: ${sizes.join(', ')}`)
