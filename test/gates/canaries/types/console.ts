console.log('shared code has no console')
